/** What lies beside the page, as `alone.json` says it: `lookalike page` writes it. */
export interface SiteManifest {
  /** The model that is loaded at the start. */
  readonly model: { readonly file: string; readonly name: string };
  /** Pictures that are searched from the start, below the folder `pictures`. */
  readonly pictures: readonly string[];
}
