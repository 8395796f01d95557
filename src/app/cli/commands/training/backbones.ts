import { z } from 'zod';
import { textTable } from '../../../../foundation/text/text-table.ts';
import { defineCommand } from '../../command.ts';

/** `lookalike backbones` */
export const backbonesCommand = defineCommand({
  name: 'backbones',
  group: 'Make a model',
  summary: 'list the pretrained networks that train knows by name',
  details:
    'Lists pretrained image networks of the Hugging Face Hub that train --backbone takes by name: licence of the weights, ' +
    'millions of bytes, pixels a side that they were trained at, whether they are on this machine, what they are good at, ' +
    'and their addresses. Any other file of the hub is named by such an address. ' +
    'Nothing is fetched here; training fetches what it is told to, once.',
  arguments: [],
  options: [],
  examples: ['lookalike backbones', 'lookalike train pictures/ --backbone dinov2-small'],
  input: z.object({}),
  async run(_, terminal) {
    const { listNetworks } = await import('../../../../training/hub/backbones-here.ts');
    const { hubSettings } = await import('../../../../training/hub/hub-settings.ts');
    const { hubAddressText } = await import('../../../../training/hub/hub-address.ts');
    const { namedWeights } = await import('../../../../training/hub/named-networks.ts');
    const settings = hubSettings();
    const listed = await listNetworks(settings);
    const rows = listed.map(({ network: { name, licence, megabytes, size, goodAt }, here }) => [
      name,
      licence,
      here === undefined ? (megabytes?.toString() ?? '?') : (here.bytes / 1e6).toFixed(1),
      String(size),
      here === undefined ? '' : 'yes',
      goodAt,
    ]);
    const columns = ['left', 'left', 'right', 'right', 'left', 'left'] as const;
    for (const line of textTable([['name', 'licence', 'MB', 'pixels', 'here', 'good at'], ...rows], columns)) {
      terminal.say(line);
    }
    terminal.say();
    const addresses = listed.map(({ network: { name, address } }) => [name, hubAddressText(address)]);
    for (const line of textTable(addresses, ['left', 'left'])) terminal.say(line);
    terminal.say();
    terminal.say('networks defined here, with weights of the hub (they learn as a whole, at --size 224):');
    const taking = namedWeights.map(({ backbone, licence, address, goodAt }) => [
      `--backbone ${backbone} --weights ${hubAddressText(address)}`,
      licence,
      goodAt,
    ]);
    for (const line of textTable(taking, ['left', 'left', 'left'])) terminal.say(line);
    return {
      cache: settings.cache,
      weights: namedWeights.map(({ address, ...weights }) => ({ ...weights, address: hubAddressText(address) })),
      networks: listed.map(({ network: { address, megabytes, ...network }, here }) => ({
        ...network,
        megabytes: megabytes ?? null,
        address: hubAddressText(address),
        repository: address.repository,
        path: address.path,
        here: here === undefined ? null : { ...here },
      })),
    };
  },
});
