import type { ServiceDuplicates } from '../../protocol/groups.ts';
import type { Example } from '../example.ts';
import { imageName } from '../image-name.ts';
import { Picture } from '../picture.tsx';

/** Two images of a group. */
export interface GroupPair {
  readonly first: Example;
  readonly second: Example;
}

/** A group, and what can be done with its images. */
export interface DuplicateGroupProps {
  readonly group: ServiceDuplicates['groups'][number];
  readonly onSearch: (example: Example) => void;
  readonly onCompare: (pair: GroupPair) => void;
}

/** The images of a group side by side, the one to keep first. */
export function DuplicateGroup({ group, onSearch, onCompare }: DuplicateGroupProps) {
  const { images, exact, diameter, count } = group;
  const [kept] = images;
  const first: Example = { kind: 'stored', id: kept.id };
  return (
    <li class="group">
      <h2>
        {exact ? 'The same bytes' : `Within ${diameter.toFixed(4)}`}
        {count > images.length && `; ${images.length} of ${count} are shown`}
      </h2>
      <ul class="results">
        {images.map((image) => {
          const { name, folder } = imageName(image.id);
          const example: Example = { kind: 'stored', id: image.id };
          return (
            <li class="card" key={image.id}>
              <button
                type="button"
                class="open"
                onClick={() => onSearch(example)}
                aria-label={`Search from ${image.id}`}
              >
                <Picture example={example} side={256} alt="" lazy />
              </button>
              <div class="caption">
                {image === kept ? (
                  <span class="class keep">keep</span>
                ) : (
                  <button type="button" class="plain" onClick={() => onCompare({ first, second: example })}>
                    compare<span class="unseen"> {name} with the one to keep</span>
                  </button>
                )}
                <span class="name" title={image.id}>
                  {folder === '' ? name : `${folder} / ${name}`}
                </span>
                <span class="name">{sizeText(image)}</span>
              </div>
            </li>
          );
        })}
      </ul>
    </li>
  );
}

function sizeText({ width, height, bytes }: ServiceDuplicates['groups'][number]['images'][number]): string {
  const size = width === null || height === null ? 'not readable' : `${width} × ${height}`;
  return `${size}, ${bytesText(bytes)}`;
}

function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
