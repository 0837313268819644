// What an error says to a person at the edge, in English.
import { AppError } from '../../src/kernel/errors.ts';
import { sayError } from '../../src/platform/words.ts';

/** Waits for the failure of `act` and says it; throws when it succeeds or fails with anything but an AppError. */
export async function saidBy(act: () => unknown): Promise<{ code: string; message: string; hint: string }> {
  try {
    await act();
  } catch (error) {
    if (error instanceof AppError) return sayError('en', error);
    throw error;
  }
  throw new Error('nothing was refused');
}
