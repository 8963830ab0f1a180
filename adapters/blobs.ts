import type { Config } from "@/config.ts";
import type { BlobStore } from "@/ports.ts";
import { createFileBlobs } from "./file_blobs.ts";
import { createS3Blobs } from "./s3_blobs.ts";

export function createBlobStore(config: Config): BlobStore {
  if (config.BLOB_STORE === "file") return createFileBlobs(`${config.DATA_DIR}/blobs`);
  return createS3Blobs({
    endpoint: config.S3_ENDPOINT!,
    bucket: config.S3_BUCKET!,
    region: config.S3_REGION,
    accessKeyId: config.S3_ACCESS_KEY_ID!,
    secretAccessKey: config.S3_SECRET_ACCESS_KEY!,
    spool: `${config.DATA_DIR}/spool`,
  });
}
