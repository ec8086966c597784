import { blastRanking } from '../blast/index.ts';
import { handle } from '../context.ts';

export default handle('blast.ranking', (context, { limit }) => blastRanking(context, limit));
