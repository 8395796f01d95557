import { aboutRoutes } from './about-routes.ts';
import { compareRoutes } from './compare-routes.ts';
import { descriptionRoutes } from './description-routes.ts';
import { duplicateRoutes } from './duplicate-routes.ts';
import { explainRoutes } from './explain-routes.ts';
import { fetchRoutes } from './fetch-routes.ts';
import { imageRoutes } from './image-routes.ts';
import { labelPageRoutes } from './label-page-routes.ts';
import { labellingRoutes } from './labelling-routes.ts';
import { mapRoutes } from './map-routes.ts';
import { pageRoutes } from './page-routes.ts';
import type { RouteGroup } from './route-group.ts';
import { runRoutes } from './run-routes.ts';
import { searchRoutes } from './search-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { watchRoutes } from './watch-routes.ts';

/** Everything that the service answers. A new group is a file beside this one and a line here. */
export const routeGroups: readonly RouteGroup[] = [
  aboutRoutes,
  compareRoutes,
  explainRoutes,
  duplicateRoutes,
  mapRoutes,
  runRoutes,
  searchRoutes,
  fetchRoutes,
  imageRoutes,
  sessionRoutes,
  watchRoutes,
  labellingRoutes,
  labelPageRoutes,
  descriptionRoutes,
  pageRoutes,
];
