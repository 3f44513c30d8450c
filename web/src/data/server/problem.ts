import type { components } from '../../domain/schema.gen';

/** What stands between may say these when it does not reach the server. */
const ofGateways = [502, 503, 504];

type Problem = components['schemas']['Problem'];

/** What the server said no with, or that it could not be reached (status 0). */
export class ProblemError extends Error {
    readonly status: number;
    readonly errorId: string | undefined;
    readonly fields: Map<string, string>;
    /** How long the server asks one to wait; 0 where it does not. */
    readonly retryAfterMs: number;

    constructor(status: number, told: Partial<Problem>, retryAfter: string | null = null) {
        super(told.detail ?? told.title ?? 'The server gave no reason.');
        this.name = 'ProblemError';
        this.status = status;
        this.errorId = told.error_id;
        this.retryAfterMs = (Number(retryAfter) || 0) * 1000;
        this.fields = new Map((told.errors ?? []).map(({ pointer, message }) => [pointer.slice(1), message]));
    }

    /** The faults of single fields, else the sentence that stands for all of it. */
    get summary(): string {
        return this.fields.size
            ? [...this.fields].map(([name, message]) => `${name} ${message}`).join('; ')
            : this.message;
    }
}

/** Whether the server has not answered: every problem of its own has an error id. */
export const isOffline = (error: unknown) =>
    error instanceof ProblemError && (error.status === 0 || (ofGateways.includes(error.status) && !error.errorId));
