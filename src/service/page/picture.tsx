import { useState } from 'preact/hooks';
import { type Example, nameOf } from './example.ts';
import { useSearchService } from './search-service.ts';

/** What is shown, and how large. */
export interface PictureProps {
  readonly example: Example;
  readonly side: 256 | 512 | 1024;
  /** What is read aloud; empty where a text beside it says it. Default: its name. */
  readonly alt?: string;
  readonly lazy?: boolean;
}

/** A picture, or a quiet mark in its place where its file is gone. */
export function Picture({ example, side, alt = nameOf(example), lazy = false }: PictureProps) {
  const [isMissing, setMissing] = useState(false);
  const { thumbnailUrl } = useSearchService();
  if (example.kind === 'several') return <Mosaic ids={example.ids} label={alt} />;
  if (isMissing) {
    return (
      <span class="missing" role="img" aria-label={`${nameOf(example)}: not to be shown`}>
        no picture
      </span>
    );
  }
  return (
    <img
      src={example.kind === 'stored' ? thumbnailUrl(example.id, side) : example.url}
      alt={alt}
      loading={lazy ? 'lazy' : 'eager'}
      decoding="async"
      draggable={false}
      onError={() => setMissing(true)}
    />
  );
}

/** Pictures of a mosaic. */
const mosaic = 4;

/** Some of several pictures, as one. */
function Mosaic({ ids, label }: { readonly ids: readonly string[]; readonly label: string }) {
  const { thumbnailUrl } = useSearchService();
  return (
    <span class="mosaic" role="img" aria-label={label}>
      {ids.slice(0, mosaic).map((id) => (
        <img key={id} src={thumbnailUrl(id, 256)} alt="" draggable={false} />
      ))}
    </span>
  );
}
