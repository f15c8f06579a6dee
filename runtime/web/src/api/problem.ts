// What can go wrong between the browser and the server, as one error type.

export interface ProblemAt {
  path: string;
  code: string;
  message: string;
}

/** An RFC 9457 problem document as the server sends it. */
export interface Problem {
  title: string;
  status: number;
  detail: string;
  instance?: string;
  code: string;
  errors?: ProblemAt[];
  conflict?: unknown;
}

/** status 0 means that nothing was heard of the server: offline, or it is down. */
export class ApiError extends Error {
  readonly problem: Problem;
  readonly retryAfter: number;

  constructor(problem: Problem, retryAfter = 0) {
    super(problem.detail || problem.title);
    this.name = 'ApiError';
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  get status(): number {
    return this.problem.status;
  }

  get offline(): boolean {
    return this.problem.status === 0;
  }
}

export const unheard: Problem = { title: '', status: 0, detail: '', code: 'offline' };
