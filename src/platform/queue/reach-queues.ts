/** The one way to the store of the queues: whatever its client throws becomes QUEUE_DOWN. */
import { AppError } from '../../kernel/errors.ts';

export async function reachQueues<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('QUEUE_DOWN', {}, { cause });
  }
}
