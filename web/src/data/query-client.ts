import { QueryClient } from '@tanstack/react-query';
import { ProblemError } from './server/problem';

const keptMs = 24 * 3600 * 1000;
const retryable = (count: number, error: Error) =>
    count < 2 && !(error instanceof ProblemError && error.status >= 400 && error.status < 500);

/** What the page has read, by question: kept a day, asked anew when one comes back to it. */
export const makeQueryClient = () =>
    new QueryClient({
        defaultOptions: {
            // Also without a network, so that an answer or a reason is shown; what was read last is kept on the device.
            queries: {
                networkMode: 'always',
                gcTime: keptMs,
                staleTime: 10_000,
                retry: retryable,
                refetchOnReconnect: true,
                refetchOnWindowFocus: 'always',
            },
        },
    });
