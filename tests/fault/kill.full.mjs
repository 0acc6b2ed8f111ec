// SPDX-License-Identifier: EUPL-1.2
// The kill drill of kill.test.mjs, ten times as long.
process.env.PP_CYCLES ??= '300';
await import('./kill.test.mjs');
