import { render } from 'preact';
import { App } from './app.tsx';

// The page's entry: index.html has the place that it fills.

render(<App />, document.getElementById('page') ?? document.body);
