import fc from 'fast-check';

// Property tests try the same cases on every machine: what fails there fails here.
fc.configureGlobal({ seed: 20261123 });
