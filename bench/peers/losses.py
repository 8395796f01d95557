"""The losses of the presets."""
import torch
import torch.nn.functional as F


def hinge(embedding, gap=1.0):
    """Mean over triplets of max(0, gap + D(q, p) - D(q, n)), Euclidean. Rows in turn query, positive, negative."""
    query, positive, negative = embedding.view(-1, 3, embedding.shape[1]).unbind(1)
    distance = lambda other: ((query - other).square().sum(1) + 1e-12).sqrt()
    return F.relu(gap + distance(positive) - distance(negative)).mean()


def supervised_contrastive(embedding, labels, temperature=0.1):
    """Khosla et al. 2020, eq. 2: the mean over rows of the mean over positives of -log share."""
    logits = embedding @ embedding.T / temperature
    itself = torch.eye(len(labels), dtype=torch.bool)
    positive = (labels[:, None] == labels[None]) & ~itself
    log_share = logits - torch.logsumexp(logits.masked_fill(itself, -1e9), 1, keepdim=True)
    count = positive.sum(1)
    return -((log_share * positive).sum(1) / count.clamp(min=1))[count > 0].mean()


def optimizer_of(name, network):
    """SGD with Nesterov momentum (article), AdamW with decay on weights alone (small); the fused forms are the fastest."""
    if name == 'article':
        return torch.optim.SGD(network.parameters(), lr=0.001, momentum=0.9, nesterov=True, fused=True)
    parameters = list(network.parameters())
    groups = [
        {'params': [p for p in parameters if p.ndim > 1], 'weight_decay': 0.05},
        {'params': [p for p in parameters if p.ndim <= 1], 'weight_decay': 0.0},
    ]
    return torch.optim.AdamW(groups, lr=0.003, fused=True)
