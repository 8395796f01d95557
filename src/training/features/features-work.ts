/** What progress calls pictures that go through a frozen network; each that is told of is kept for other runs. */
export const featuresWork = 'features of the frozen backbone';
