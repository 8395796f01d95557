import type { WebProvider } from '../../../engines/web/web-engine.ts';
import type { ErrorData } from '../../../foundation/errors/error-data.ts';
import type { ServiceComparison, ServiceFoundImages } from '../../../service/protocol/answers.ts';
import type { Training } from '../training/training.ts';

/** A picture of somebody's, by the name that the page calls it. */
export interface PictureFile {
  /** Its path in the folder that was given: `shoes/1.jpg`. */
  readonly id: string;
  readonly file: Blob;
}

/** A picture that is searched by: one that somebody gave, or one of the page's. */
export type AskedPicture = Blob | { readonly id: string };

/** Which model is loaded, and what computes it. */
export interface LoadedModel {
  readonly name: string;
  readonly description: string;
  readonly attribution: string;
  /** Length of an embedding. */
  readonly dimension: number;
  /** `onnxruntime 1.30.0, WebAssembly, 1 thread`, and why, where that was chosen. */
  readonly computedBy: string;
  /** True if distances are shares of alike pairs, too. */
  readonly calibrated: boolean;
}

/** What is searched. */
export interface LoadedPictures {
  readonly images: number;
  /** Classes, by the folders that pictures are in, with how many pictures each has. */
  readonly classes: readonly { readonly name: string; readonly images: number }[];
  /** Some of them, to begin with. */
  readonly examples: readonly string[];
  /** Those that could not be read, and why. */
  readonly unreadable: readonly { readonly id: string; readonly reason: string }[];
}

/** What somebody looks for. */
export interface LocalSearch {
  readonly queries: readonly AskedPicture[];
  readonly like: readonly AskedPicture[];
  readonly unlike: readonly AskedPicture[];
  readonly k: number;
  readonly offset: number;
  readonly where: string | undefined;
}

/** How well pictures are found that were not learnt from. */
export interface TrainedFigures {
  /** Recall@1 and MAP@R, 0 to 1, with their 95% intervals. */
  readonly recallAt1: MeasuredShare;
  readonly mapAtR: MeasuredShare;
  /** Pictures and classes that were kept aside for it. */
  readonly images: number;
  readonly classes: number;
}

/** A measure and its interval. */
export type MeasuredShare = {
  readonly value: number;
  readonly low: number;
  readonly high: number;
};

/** What came of a training. */
export interface TrainedModel {
  readonly kind: Training['kind'];
  /** Of the model that is loaded; undefined where too few pictures could be kept aside to judge by. */
  readonly before: TrainedFigures | undefined;
  readonly after: TrainedFigures | undefined;
  /** What was chosen, and what it means for the user, in sentences. */
  readonly remarks: readonly string[];
  /** Bytes of the new `model.onnx`. */
  readonly bytes: number;
}

/** What the worker can be asked, and what it answers. */
export interface AloneCalls {
  /** Loads a model; pictures that are there are embedded anew. */
  openModel: {
    argument: { readonly name: string; readonly bytes: Uint8Array; readonly provider: WebProvider | 'auto' };
    answer: LoadedModel;
  };
  /** Adds pictures, or replaces those of the same name. */
  addPictures: { argument: { readonly pictures: readonly PictureFile[] }; answer: LoadedPictures };
  search: { argument: LocalSearch; answer: ServiceFoundImages };
  compare: {
    argument: { readonly first: AskedPicture; readonly second: AskedPicture };
    answer: ServiceComparison;
  };
  train: { argument: Training; answer: TrainedModel };
  /** From now on searches are by the model that was trained last. */
  useTrained: { argument: undefined; answer: LoadedModel };
  /** The bytes of the model that was trained last. */
  trainedModel: { argument: undefined; answer: Uint8Array };
}

/** The name of a question to the worker. */
export type AloneCall = keyof AloneCalls;

/** What the worker tells while it works. */
export type AloneProgress =
  | {
      readonly kind: 'work';
      readonly work: string;
      readonly unit: string;
      readonly done: number;
      readonly total: number;
    }
  | { readonly kind: 'thumbnail'; readonly id: string; readonly picture: Blob }
  | { readonly kind: 'step'; readonly step: number; readonly of: number; readonly loss: number }
  | { readonly kind: 'evaluation'; readonly step: number; readonly recallAt1: number };

/** A message to the worker: a question, or that the answer to an earlier one is no longer wanted. */
export type AloneRequest =
  | {
      [Call in AloneCall]: {
        readonly id: number;
        readonly call: Call;
        readonly argument: AloneCalls[Call]['argument'];
      };
    }[AloneCall]
  | { readonly id: number; readonly call: 'cancel' };

/** A message of the worker about question `id`. */
export type AloneReply =
  | { readonly id: number; readonly answer: AloneCalls[AloneCall]['answer'] }
  | { readonly id: number; readonly error: ErrorData }
  | { readonly id: number; readonly progress: AloneProgress };
