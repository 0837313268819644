/** Seats of a call centre by Erlang C: how many people must sit there so that enough callers are answered in time. */

export type Workload = {
  /** Calls offered within one interval. */
  readonly calls: number;
  readonly intervalMinutes: number;
  /** Average handling time: talk and work after the call, in seconds. */
  readonly handlingSeconds: number;
};

export type ServiceTarget = {
  /** Share of callers, 0 to 1, who are answered within `withinSeconds`. */
  readonly share: number;
  readonly withinSeconds: number;
  /** Share of paid time in which nobody answers (breaks, training), 0 to below 1. */
  readonly shrinkage: number;
};

/** Offered traffic in Erlang (呼量): calls × handling time ÷ interval. */
export function offeredErlang({ calls, intervalMinutes, handlingSeconds }: Workload): number {
  return (calls * handlingSeconds) / (intervalMinutes * 60);
}

/** The chance that a caller waits, for `seats` answering. 1 when there are not more seats than Erlang. */
export function erlangC(traffic: number, seats: number): number {
  if (traffic <= 0) return 0;
  if (seats <= traffic) return 1;
  // Erlang B by its recurrence, which stays within 0 and 1; the factorials of the textbook formula overflow at 170 seats.
  let blocked = 1;
  for (let n = 1; n <= seats; n += 1) blocked = (traffic * blocked) / (n + traffic * blocked);
  return (seats * blocked) / (seats - traffic * (1 - blocked));
}

/** Share of callers answered within the time (service level), 0 to 1. */
export function serviceLevel(work: Workload, seats: number, withinSeconds: number): number {
  const traffic = offeredErlang(work);
  if (traffic <= 0) return 1;
  if (seats <= traffic) return 0;
  return 1 - erlangC(traffic, seats) * Math.exp((-(seats - traffic) * withinSeconds) / work.handlingSeconds);
}

/** 80 % within 20 seconds, and three of ten paid hours without answering: planning defaults without a published standard. */
export const serviceTarget: ServiceTarget = { share: 0.8, withinSeconds: 20, shrinkage: 0.3 };
export const intervalMinutes = 30;
/** A breach call takes six to ten minutes; used until the reports say how long ours take. */
export const handlingDefaultSeconds = 480;

/** The fewest seats that reach the target, and the people to schedule for them. */
export function seatsFor(work: Workload, target: ServiceTarget): { answering: number; scheduled: number } {
  const traffic = offeredErlang(work);
  let answering = traffic <= 0 ? 0 : Math.floor(traffic) + 1;
  while (serviceLevel(work, answering, target.withinSeconds) < target.share) answering += 1;
  return { answering, scheduled: Math.ceil(answering / (1 - target.shrinkage)) };
}
