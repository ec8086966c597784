/** Seeds of schedules that once ended wrongly; each is played again in every run. */
export const PINNED: readonly number[] = [];
