import { aServer, describeWorlds } from './worlds/any-world.mts';

describeWorlds(0, aServer());
