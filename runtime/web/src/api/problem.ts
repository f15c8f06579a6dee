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

  /** What is said against a field of a record, if anything is. */
  against(field: string): string | undefined {
    return this.problem.errors?.find(({ path }) => path === `/values/${field}`)?.message;
  }

  /** Nobody who knows has answered: what was asked for may have been done. */
  get unsure(): boolean {
    return this.offline || (this.status >= 500 && this.problem.code === unspoken);
  }

  get offline(): boolean {
    return this.problem.status === 0;
  }
}

/** The code of an answer that is none of the server's own, such as a gateway's. */
export const unspoken = 'http';

export const unheard: Problem = { title: '', status: 0, detail: '', code: 'offline' };
