import type { components } from './schema.gen';

type Problem = components['schemas']['Problem'];

/** What the server said no with, or that it could not be reached (status 0). */
export class ProblemError extends Error {
    readonly status: number;
    readonly errorId: string | undefined;
    readonly fields: Map<string, string>;

    constructor(status: number, told: Partial<Problem>) {
        super(told.detail ?? told.title ?? 'The server gave no reason.');
        this.name = 'ProblemError';
        this.status = status;
        this.errorId = told.error_id;
        this.fields = new Map((told.errors ?? []).map(({ pointer, message }) => [pointer.slice(1), message]));
    }

    /** The faults of single fields, else the sentence that stands for all of it. */
    get summary(): string {
        return this.fields.size
            ? [...this.fields].map(([name, message]) => `${name} ${message}`).join('; ')
            : this.message;
    }
}

export const isOffline = (error: unknown) => error instanceof ProblemError && error.status === 0;
