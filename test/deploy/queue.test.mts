import { keepsItsPromises } from './promises.mts';

keepsItsPromises('queue');
