"""A volume driver that keeps each volume in a sparse file: no LVM, no iSCSI.

os-brick's "local" connector opens the file, so that image copies, backups and
restores move real bytes; snapshots and clones are empty.
"""

import os
import shutil

from cinder.image import image_utils
from cinder import interface
from cinder.volume import driver
from cinder.volume import volume_utils
from oslo_config import cfg

CONF = cfg.CONF
GiB = 1024 ** 3


@interface.volumedriver
class FileDriver(driver.VolumeDriver):
    VERSION = "1"
    CI_WIKI_NAME = "none"
    base = os.environ["LAB_VOLUMES"]

    def check_for_setup_error(self):
        pass

    def local_path(self, obj):
        return os.path.join(self.base, obj.name)


    def create_volume(self, volume):
        with open(self.local_path(volume), "wb") as f:
            f.truncate(volume.size * GiB)

    def delete_volume(self, volume):
        if os.path.exists(self.local_path(volume)):
            os.unlink(self.local_path(volume))

    # a snapshot is an empty marker with the size: its content is not kept
    def create_snapshot(self, snapshot):
        with open(self.local_path(snapshot), "wb") as f:
            f.truncate(snapshot.volume_size * GiB)

    delete_snapshot = delete_volume

    def create_volume_from_snapshot(self, volume, snapshot):
        self.create_volume(volume)

    def create_cloned_volume(self, volume, src_vref):
        self.create_volume(volume)

    def extend_volume(self, volume, new_size):
        os.truncate(self.local_path(volume), new_size * GiB)

    def revert_to_snapshot(self, context, volume, snapshot):
        pass

    def retype(self, context, volume, new_type, diff, host):
        return True, None

    def copy_image_to_volume(self, context, volume, image_service, image_id,
                             disable_sparse=False):
        image_utils.fetch_to_raw(context, image_service, image_id,
                                 self.local_path(volume),
                                 CONF.volume_dd_blocksize, size=volume.size,
                                 run_as_root=False)
        os.truncate(self.local_path(volume), volume.size * GiB)

    def copy_volume_to_image(self, context, volume, image_service, image_meta):
        volume_utils.upload_volume(context, image_service, image_meta,
                                   self.local_path(volume), volume,
                                   run_as_root=False)

    def ensure_export(self, context, volume):
        pass

    def create_export(self, context, volume, connector):
        pass

    def remove_export(self, context, volume):
        pass

    def initialize_connection(self, volume, connector):
        return {"driver_volume_type": "local",
                "data": {"device_path": self.local_path(volume)}}

    def terminate_connection(self, volume, connector, **kwargs):
        pass

    create_export_snapshot = create_export
    remove_export_snapshot = remove_export
    initialize_connection_snapshot = initialize_connection
    terminate_connection_snapshot = terminate_connection

    def _update_volume_stats(self):
        self._stats = {"volume_backend_name": "file", "vendor_name": "lab",
                       "driver_version": self.VERSION, "storage_protocol": "local",
                       "total_capacity_gb": 10000, "free_capacity_gb": 10000,
                       "thin_provisioning_support": True, "multiattach": True,
                       "max_over_subscription_ratio": 20, "reserved_percentage": 0}

    def get_volume_stats(self, refresh=False):
        self._update_volume_stats()
        return self._stats
