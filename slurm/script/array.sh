# --- array: a task of a job array becomes the job of its run ----------------------------------------
cd "${RUNS[SLURM_ARRAY_TASK_ID]}" || {
  echo "Cannot use run folder \"${RUNS[SLURM_ARRAY_TASK_ID]}\": $(hostname) does not see it, expected a folder that all nodes share"
  exit 4
}
exec bash artifacts/job.sbatch "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" >>slurm.log 2>&1
