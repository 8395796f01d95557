import type { ComponentChildren } from 'preact';

/** The views of a page, and which one is shown. */
export interface HeaderProps {
  /** What views are called, by the part of the address behind its `#`. */
  readonly views: Readonly<Record<string, string>>;
  /** Those that there is something to see in. */
  readonly shown: readonly string[];
  readonly view: string;
  readonly onHome: () => void;
  /** What is said behind them. */
  readonly children?: ComponentChildren;
}

/** The line above every view. */
export function Header({ views, shown, view, onHome, children }: HeaderProps) {
  return (
    <header>
      <button type="button" class="home" onClick={onHome}>
        lookalike
      </button>
      <nav aria-label="Views">
        {shown.length > 1 &&
          shown.map((name) => (
            <a key={name} href={`#${name}`} aria-current={name === view ? 'page' : undefined}>
              {views[name]}
            </a>
          ))}
      </nav>
      {children}
    </header>
  );
}

/** How many pictures there are. */
export function ImageCount({ images }: { readonly images: number }) {
  return <span class="quiet">{images.toLocaleString('en')} pictures</span>;
}
