/** Front door of processes/: what main starts. */
export { Control } from './control.ts';
export { servicesOf } from './services.ts';
