/** Shows how far some work is. */
export interface WorkProgress {
  update(done: number, total: number): void;
  clear(): void;
}
