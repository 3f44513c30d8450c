export { ErrorNote } from './error-note';
export { tellProblem } from './tell';
