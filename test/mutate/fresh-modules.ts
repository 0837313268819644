/** Before each test file of a mutation run: whatever an earlier mutant left loaded is loaded anew. */
import { vi } from 'vitest';

vi.resetModules();
