"""DeepSpeed's settings in the reference."""

ZERO = ("zero2", "zero2-offload", "zero3")

# local_scripts of the release, where they say something that is not "auto" or a default.
REFERENCE = {
    "zero2": {
        "stage": 2,
        "overlap_comm": False,
        "reduce_scatter": True,
        "contiguous_gradients": True,
        "allgather_bucket_size": 2e8,
        "reduce_bucket_size": 2e8,
    },
    "zero3": {
        "stage": 3,
        "overlap_comm": True,
        "contiguous_gradients": True,
        "sub_group_size": 1e9,
        "stage3_max_live_parameters": 1e9,
        "stage3_max_reuse_distance": 1e9,
        "stage3_gather_16bit_weights_on_model_save": True,
    },
}
REFERENCE["zero2-offload"] = {
    **REFERENCE["zero2"],
    "offload_optimizer": {"device": "cpu", "pin_memory": True},
}
