import { handle } from '../context.ts';
import { businessServices } from '../estate/business.ts';

export default handle('estate.business', businessServices);
