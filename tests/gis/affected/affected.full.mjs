// SPDX-License-Identifier: EUPL-1.2
// The plans of affected.test.mjs, four times as many.
process.env.PP_PLANS ??= '10000';
await import('./affected.test.mjs');
