// SPDX-License-Identifier: EUPL-1.2
/* What the operator has configured, as the legal pages read it. */
import { api } from '@/api/client';
import { useAsk } from '@/api/use';

export const useSite = () => useAsk(() => api.GET('/api/v1/site'));
/** Paragraphs are separated by empty lines. */
export const paragraphs = (text: string | undefined): string[] => (text ?? '').split(/\n\s*\n/).filter((part) => part.trim());
