import { keepsItsPromises } from './promises.mts';

keepsItsPromises('single');
