// SPDX-License-Identifier: EUPL-1.2
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

/** While one develops (npm run dev), everything that is no file of ours comes from a server that runs. */
const server = process.env.PP_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
	plugins: [vue({ features: { optionsAPI: false } })],
	resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
	build: {
		target: 'es2022',
		// The Content-Security-Policy lets no data: font and no inline script through.
		assetsInlineLimit: 0,
		minify: 'terser',
		terserOptions: { module: true, ecma: 2020, compress: { passes: 3, pure_getters: true, unsafe_arrows: true } },
		modulePreload: { polyfill: false },
		reportCompressedSize: false,
		// Which file needs which: for the test of sizes.
		manifest: true,
		// What nearly every page needs comes in one file: ten small ones compress worse, and are asked for one by one.
		rollupOptions: { output: { manualChunks: (id) => (/\/src\/(components\/Pp(Alert|Button|Check|Field|Select|State|TimeLeft)\.vue|map\/LazyMap\.vue|lib\/format|api\/use|texts\/(map|terms))/.test(id) ? 'common' : undefined) } },
	},
	server: { proxy: { '^/(api|ogc|wfs|health|sign-out)': { target: server } } },
	test: { environment: 'jsdom', include: ['tests/**/*.test.ts'] },
});
