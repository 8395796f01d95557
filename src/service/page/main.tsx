import { render } from 'preact';
import { App } from './app.tsx';
import { SearchServiceContext } from './search-service.ts';
import { searchService } from './service.ts';

// The page's entry: index.html has the place that it fills.

render(
  <SearchServiceContext.Provider value={searchService}>
    <App />
  </SearchServiceContext.Provider>,
  document.getElementById('page') ?? document.body,
);
