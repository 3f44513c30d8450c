// What is not taken, though the server is there: tried again after growing pauses, and after some attempts the user is
// asked. While the server cannot be reached at all, nothing counts. Pauses go by the steady clock: that on the wall may be
// set back by days.
import { serverAnswers, type Entry } from './deliver';
import { ProblemError } from '../server/problem';
import { session } from '../server/session';

/** Between the attempts. */
export const pausesMs = [3_000, 6_000, 12_000, 24_000];
const longestPauseMs = 10 * 60_000;
/** Asked again, these may be answered otherwise, as may what fails inside the server. */
const passing = [401, 408, 412, 425, 429];
/** What stands in the way may be the way itself. */
const unreached = [0, 502, 503, 504];

export const isFinal = (error: ProblemError) =>
    error.status >= 400 && error.status < 500 && !passing.includes(error.status);

/** What follows: all wait, the entry waits, or the user is asked about it. */
type Verdict = 'all wait' | 'waits' | 'asks';

const setbacks = new Map<number, { times: number; again: number }>();
let allAgain = 0;

export const isPaused = ({ seq }: Entry) => (setbacks.get(seq)?.again ?? 0) > performance.now();
/** Whether the server wants to be left alone for a while. */
export const isAllPaused = () => allAgain > performance.now();
export const forgetSetbacks = ({ seq }: Entry) => void setbacks.delete(seq);

export async function judge({ seq }: Entry, error: ProblemError): Promise<Verdict> {
    // The page asks for the password.
    if (error.status === 401 && session.state() !== 'in') return 'all wait';
    if (isFinal(error)) return 'asks';
    if (unreached.includes(error.status) && !(await serverAnswers())) return 'all wait';
    const times = setbacks.get(seq)?.times ?? 0;
    const pause = pausesMs[times];
    if (pause === undefined) return 'asks';
    const again = performance.now() + Math.min(Math.max(pause, error.retryAfterMs), longestPauseMs);
    setbacks.set(seq, { times: times + 1, again });
    if (error.status !== 429) return 'waits';
    allAgain = again;
    return 'all wait';
}
