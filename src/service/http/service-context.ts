import type { Catalogue } from '../../catalogue/mirror/catalogue.ts';
import type { PictureLimits } from '../../pictures/decoding/picture-limits.ts';
import type { PreparationPool } from '../../pictures/preparation/preparation-pool.ts';
import type { RunFolders } from '../runs/run-folders.ts';
import type { CatalogueWork } from './catalogue-work.ts';
import type { Explanations } from './explanations.ts';
import type { Admission } from './load/admission.ts';
import type { ByteBudget } from './load/byte-budget.ts';
import type { ServiceLimits } from './load/service-limits.ts';
import type { RemotePictures } from './remote/remote-pictures.ts';
import type { AccessToken } from './security/access-token.ts';
import type { ServiceMetrics } from './service-metrics.ts';
import type { StoreSampler } from './store-sample.ts';
import type { TeachingWork } from './teaching-work.ts';

/** What the handlers of endpoints work with. */
export interface ServiceContext {
  /** Version of the package. */
  readonly version: string;
  readonly catalogue: Catalogue;
  /** What a page has to know of the store beforehand. */
  readonly sampler: StoreSampler;
  /** True if images may be added to the store and removed. */
  readonly changeable: boolean;
  /** Fetches pictures from addresses; undefined where nothing is fetched. */
  readonly remote: RemotePictures | undefined;
  /** Makes thumbnails. */
  readonly preparation: PreparationPool;
  readonly pictureLimits: PictureLimits;
  readonly limits: ServiceLimits;
  readonly admission: Admission;
  readonly uploads: ByteBudget;
  readonly metrics: ServiceMetrics;
  /** Undefined where nobody needs a token. */
  readonly token: AccessToken | undefined;
  /** What people answer, and teaching by it; undefined where nothing is labelled. */
  readonly labelling: TeachingWork | undefined;
  /** What makes pictures alike. */
  readonly explanations: Explanations;
  /** The search for duplicates. */
  readonly duplicates: CatalogueWork<'duplicates'>;
  /** The making of the map. */
  readonly map: CatalogueWork<'map'>;
  /** Training runs; undefined where no folder of them was given. */
  readonly runs: RunFolders | undefined;
  readonly isStopping: () => boolean;
}
