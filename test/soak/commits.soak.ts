/** Commits cut off before each of their statements; CI tries every fourth among its tests. */
if (process.env.QUANYU_SOAK === 'full') await import('../faults/cut-commit.test.ts');
