import { engineContract } from '../../src/engines/engine.contract.ts';
import { webGpuEngine } from './webgpu-engine.ts';

engineContract('OnnxruntimeEngine on WebGPU', webGpuEngine, { tolerance: 1e-5 });
