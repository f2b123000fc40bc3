import fc from 'fast-check';

// For mutation tests: the same worlds in every run.
fc.configureGlobal({ seed: 20_260_509, endOnFailure: true });
