/**
 * Hears files that are dragged over the page and dropped on it.
 *
 * @param onDrop the browser's own answer to a drop is to open the file, which it does not.
 * @param onOver whether files are over the page.
 * @returns what ends that.
 */
export function listenForDrops(onDrop: (dropped: DataTransfer) => void, onOver: (over: boolean) => void): () => void {
  const over = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    onOver(true);
  };
  const left = (event: DragEvent) => {
    if (event.relatedTarget === null) onOver(false);
  };
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    onOver(false);
    if (event.dataTransfer !== null) onDrop(event.dataTransfer);
  };
  document.addEventListener('dragover', over);
  document.addEventListener('dragleave', left);
  document.addEventListener('drop', dropped);
  return () => {
    document.removeEventListener('dragover', over);
    document.removeEventListener('dragleave', left);
    document.removeEventListener('drop', dropped);
  };
}
