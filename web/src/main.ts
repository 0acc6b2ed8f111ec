// SPDX-License-Identifier: EUPL-1.2
import { createApp } from 'vue';
import App from './app/App.vue';
import { router } from './app/router';
import { beginSession } from './app/session';
import './styles/kern.scss';
import './styles/app.css';

// Who is signed in decides what the first page shows, so it is known before.
await beginSession();
createApp(App).use(router).mount('#app');
