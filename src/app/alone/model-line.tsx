import { useRef } from 'preact/hooks';
import type { LoadedModel } from './worker/protocol.ts';

/** Which model is loaded, and what takes another one. */
export interface ModelLineProps {
  readonly model: LoadedModel | undefined;
  readonly onModel: (file: File) => void;
  readonly disabled: boolean;
}

/** The model, what computes it, and another one in its place. */
export function ModelLine({ model, onModel, disabled }: ModelLineProps) {
  const chooser = useRef<HTMLInputElement>(null);
  const chosen = (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    const [file] = input.files ?? [];
    // The same file can be chosen again.
    input.value = '';
    if (file !== undefined) onModel(file);
  };
  return (
    <section class="model" aria-label="The model">
      {model !== undefined && (
        <p>
          <span class="class">{model.name}</span>{' '}
          <span class="quiet">
            {model.dimension} numbers a picture; computed by {model.computedBy}. {model.description}
          </span>
        </p>
      )}
      {model !== undefined && model.attribution !== '' && (
        <details>
          <summary>Whom it is owed to</summary>
          <p class="quiet">{model.attribution}</p>
        </details>
      )}
      <button type="button" class="plain" disabled={disabled} onClick={() => chooser.current?.click()}>
        {model === undefined ? 'Choose a model.onnx' : 'Another model'}
      </button>
      <input ref={chooser} type="file" accept=".onnx" hidden onChange={chosen} aria-label="A model" />
    </section>
  );
}
