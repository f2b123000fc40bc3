import { describePage } from './page-promises.mts';

describePage('light');
