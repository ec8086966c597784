/** Said in the place of the map while it is laid out and drawn for the first time, when that takes long enough to be noticed. */
import { useEffect, useState } from 'react';
import styles from './Map.module.css';

/** ms */
const NOTICED = 300;

export function Drawing({ services }: { services: number }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const id = setTimeout(() => setLate(true), NOTICED);
    return () => clearTimeout(id);
  }, []);
  if (!late) return null;
  return <output className={styles.drawing}>Drawing {services.toLocaleString('en')} services …</output>;
}
