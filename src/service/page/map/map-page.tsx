import { useEffect, useState } from 'preact/hooks';
import type { ServiceMap, ServiceMapPoints } from '../../protocol/map.ts';
import type { Example } from '../example.ts';
import { service } from '../service.ts';
import { useCatalogueWork } from '../use-catalogue-work.ts';
import { WorkProgress } from '../work-progress.tsx';
import { CatalogueMap } from './catalogue-map.tsx';

/** The view of the map: has one made, shows it, and says when the store has changed since. */
export function MapPage({ onSearch }: { readonly onSearch: (example: Example) => void }) {
  const { state, take } = useCatalogueWork(() => service.map());
  const map = state instanceof Error ? undefined : state;
  const points = usePoints(map);
  const problem = [state, points].find((one) => one instanceof Error);
  return (
    <section class="view" aria-labelledby="map-title">
      <h1 id="map-title">Map of the catalogue</h1>
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem.message}
        </p>
      )}
      {map !== undefined && (
        <>
          <WorkProgress state={map} />
          {map.work === null && (map.found === null || map.found.images !== map.images) && (
            <div class="buttons">
              {map.found !== null && (
                <p>
                  The store has {map.images.toLocaleString('en')} pictures by now, this map{' '}
                  {map.found.images.toLocaleString('en')}.
                </p>
              )}
              {map.found === null && <p>Every picture gets a place in the plane, near those that it looks like.</p>}
              <button type="button" class="primary" onClick={() => take(service.makeMap())}>
                {map.found === null ? 'Make the map' : 'Make it anew'}
              </button>
            </div>
          )}
        </>
      )}
      {points !== undefined && !(points instanceof Error) && <CatalogueMap points={points} onSearch={onSearch} />}
    </section>
  );
}

/** The points of the map that was made last. */
function usePoints(map: ServiceMap | undefined): ServiceMapPoints | Error | undefined {
  const [points, setPoints] = useState<ServiceMapPoints | Error>();
  const isThere = map !== undefined && map.work === null && map.found !== null;
  useEffect(() => {
    if (isThere) service.mapPoints().then(setPoints, setPoints);
  }, [isThere]);
  return points;
}
