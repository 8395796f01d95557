// The page of `lookalike label`: asks, keeps answers at once, and shows what is learnt of them.

const element = (id) => document.getElementById(id);
const pictureOf = (id, side) => `/v1/label/picture?side=${side}&id=${encodeURIComponent(id)}`;
const percent = (share) => `${(100 * share).toFixed(0)} %`;

/** What can be said of a pair, by its keys. */
const choices = {
  left: { keys: ['ArrowLeft', '1', 'a'], shown: '←', text: 'Left' },
  both: { keys: ['ArrowUp', 'b'], shown: '↑', text: 'Both' },
  neither: { keys: ['ArrowDown', 'n'], shown: '↓', text: 'Neither' },
  right: { keys: ['ArrowRight', '2', 'd'], shown: '→', text: 'Right' },
  skip: { keys: ['s', ' '], shown: 'S', text: 'Skip' },
};

let kind = 'triplet';
let question;
let shownAt = 0;
let marked = new Set();
/** Answers are sent one after the other: a second key waits for the first. */
let busy = false;

const rater = () => element('rater').value.trim();

async function ask(path, document) {
  const request =
    document === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(document) };
  const answer = await fetch(path, request);
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error.message);
  return found;
}

/** Does one thing at a time, and says what goes wrong. */
async function doing(work) {
  if (busy) return;
  busy = true;
  element('question').setAttribute('aria-busy', 'true');
  try {
    await work();
  } catch (error) {
    element('note').textContent = error.message;
  } finally {
    busy = false;
    element('question').setAttribute('aria-busy', 'false');
  }
}

async function nextQuestion() {
  if (rater() === '') {
    element('rater').focus();
    element('asked').textContent = 'Who are you? Type your name first.';
    return;
  }
  question = await ask(`/v1/label/question?kind=${kind}&rater=${encodeURIComponent(rater())}`);
  // A contradiction is asked again as a pair.
  marked = new Set();
  showQuestion();
  shownAt = performance.now();
  await showNearest();
}

function showQuestion() {
  const isGrid = question.kind === 'grid';
  element('asked').textContent = isGrid ? 'Which of these are like this one?' : 'Which is more like this one?';
  const query = element('query');
  query.hidden = false;
  query.src = pictureOf(question.query, 512);
  query.alt = `The picture that is asked about: ${question.query}`;
  const candidates = element('candidates');
  candidates.className = isGrid ? 'candidates grid' : 'candidates';
  const shown = isGrid ? question.candidates.map(gridCandidate) : [pairCandidate('left'), pairCandidate('right')];
  candidates.replaceChildren(...shown);
  element('actions').replaceChildren(...(isGrid ? gridActions() : pairActions()));
  const notes = { again: 'You, or you and others, have said both of this one: once more, please.' };
  element('note').textContent = notes[question.reason] ?? '';
}

function image(id, side) {
  const made = document.createElement('img');
  made.src = pictureOf(id, side);
  made.alt = id;
  return made;
}

function button(text, shown, act) {
  const made = document.createElement('button');
  made.type = 'button';
  made.append(text);
  if (shown !== undefined) {
    const key = document.createElement('kbd');
    key.textContent = shown;
    key.setAttribute('aria-hidden', 'true');
    made.append(key);
  }
  made.addEventListener('click', act);
  return made;
}

function pairCandidate(side) {
  const made = button(image(question[side], 512), undefined, () => answerPair(side));
  made.dataset.choice = side;
  made.setAttribute('aria-label', `${choices[side].text}: ${question[side]}`);
  return made;
}

function pairActions() {
  const actions = Object.entries(choices).map(([choice, { text, shown }]) => {
    const made = button(text, shown, () => answerPair(choice));
    made.dataset.choice = choice;
    return made;
  });
  return [...actions, undoButton()];
}

function gridCandidate(id, place) {
  const made = button(image(id, 256), undefined, () => mark(place));
  made.setAttribute('aria-pressed', 'false');
  made.setAttribute('aria-label', `Like it: ${id}`);
  return made;
}

function mark(place) {
  const id = question.candidates[place];
  if (!marked.delete(id)) marked.add(id);
  element('candidates').children[place].setAttribute('aria-pressed', String(marked.has(id)));
}

function gridActions() {
  const done = button('Done', 'Enter', answerGrid);
  done.id = 'done';
  return [done, undoButton()];
}

function undoButton() {
  const made = button('Undo', 'U', undo);
  made.id = 'undo';
  return made;
}

const given = () => ({
  rater: rater(),
  seconds: Math.min(86400, (performance.now() - shownAt) / 1000),
  reason: question.reason,
  query: question.query,
});

function answerPair(answer) {
  if (question?.kind !== 'triplet') return undefined;
  const { left, right } = question;
  return send({ kind: 'triplet', ...given(), left, right, answer });
}

function answerGrid() {
  if (question?.kind !== 'grid') return undefined;
  return send({ kind: 'grid', ...given(), candidates: question.candidates, marked: [...marked] });
}

function send(answer) {
  return doing(async () => {
    showLabelling(await ask('/v1/label/answer', answer));
    await nextQuestion();
  });
}

function undo() {
  return doing(async () => {
    const { query } = await ask('/v1/label/undo', { rater: rater() });
    showLabelling(await ask('/v1/label/progress'));
    await nextQuestion();
    element('note').textContent = query === null ? 'There is no answer of yours to take back.' : 'Taken back.';
  });
}

function showLabelling(labelling) {
  const { agreement, cost } = labelling;
  const own = labelling.raters.find(({ name }) => name === rater())?.answers ?? 0;
  const alpha = (value) => (value === null ? '–' : value.toFixed(2));
  const each = cost[kind];
  const figures = [
    ['Your answers', own],
    ['All answers', `${labelling.answers}, by ${labelling.raters.length} ${labelling.raters.length === 1 ? 'person' : 'people'}`],
    ['To learn from', `${labelling.triplets} triplets`],
    ['Kept aside', `${labelling.keptAside} triplets`],
    ['An answer', each === null ? '–' : `${each.seconds.toFixed(1)} s, ${each.triplets.toFixed(1)} triplets`],
    ['Agreement (α)', alpha(kind === 'grid' ? agreement.marks : agreement.triplets)],
    ['Contradictions', labelling.contradictions],
  ];
  element('figures').replaceChildren(
    ...figures.flatMap(([name, value]) => {
      const [term, figure] = [document.createElement('dt'), document.createElement('dd')];
      term.textContent = name;
      figure.textContent = value;
      return [term, figure];
    }),
  );
  showTeaching(labelling);
}

function showTeaching({ teaching, taught, refused }) {
  element('teach').disabled = teaching !== null;
  const outcome = element('outcome');
  if (teaching !== null) {
    outcome.textContent =
      teaching.total === null ? 'Teaching …' : `Teaching … ${percent(teaching.done / teaching.total)}`;
  } else if (refused !== null) {
    outcome.textContent = refused;
  } else if (taught !== null) {
    const { before, after, kept } = taught;
    const figures = `It ranked ${percent(before)} of the kept-aside answers as you did; taught, ${percent(after)}.`;
    outcome.textContent = kept ? figures : `${figures} That is worse: the model stays as it was.`;
  }
}

function teach() {
  return doing(async () => {
    let labelling = await ask('/v1/label/teach', {});
    showLabelling(labelling);
    while (labelling.teaching !== null) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      labelling = await ask('/v1/label/progress');
      showLabelling(labelling);
    }
    await nextQuestion();
  });
}

function exportTriplets() {
  return doing(async () => {
    const { file, triplets } = await ask('/v1/label/export', {});
    element('note').textContent = `${triplets} triplets are in ${file}.`;
  });
}

async function showNearest() {
  const { images } = await ask(`/v1/label/nearest?k=12&id=${encodeURIComponent(question.query)}`);
  element('nearest').replaceChildren(
    ...images.map((id) => {
      const item = document.createElement('li');
      item.append(image(id, 128));
      return item;
    }),
  );
}

function choose(chosen) {
  kind = chosen;
  for (const one of document.querySelectorAll('[data-kind]')) {
    one.setAttribute('aria-pressed', String(one.dataset.kind === kind));
  }
  return doing(async () => {
    showLabelling(await ask('/v1/label/progress'));
    await nextQuestion();
  });
}

document.addEventListener('keydown', (event) => {
  if (event.target === element('rater') || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const isButton = event.target instanceof HTMLButtonElement;
  if (isButton && (key === 'Enter' || key === ' ')) return;
  const choice = Object.keys(choices).find((one) => choices[one].keys.includes(key));
  if (key === 'u' || key === 'Backspace') undo();
  else if (key === 't') teach();
  else if (key === 'g') choose(kind === 'grid' ? 'triplet' : 'grid');
  else if (key === 'Enter') answerGrid();
  else if (choice !== undefined && question?.kind === 'triplet') answerPair(choice);
  else return;
  event.preventDefault();
});

element('rater').value = localStorage.getItem('rater') ?? '';
element('rater').addEventListener('change', () => {
  localStorage.setItem('rater', rater());
  element('rater').blur();
  choose(kind);
});
for (const one of document.querySelectorAll('[data-kind]')) {
  one.addEventListener('click', () => choose(one.dataset.kind));
}
element('teach').addEventListener('click', teach);
element('export').addEventListener('click', exportTriplets);
choose(kind);
