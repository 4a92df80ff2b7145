"""Point clouds: the files of all features become one octree (see `tiles.points`).

Options: ``encoding``, and ``crs`` where the files name none or a wrong one.
"""

from tiles.build import Built, Order
from tiles.points import Options, convert
from twin.errors import TilingError


def write(order: Order) -> Built:
    """Tile a layer of point clouds.

    Raises:
        TilingError: if no feature has a file; and what `tiles.points.convert` raises.
    """
    # By name, not as the source happens to list them: another order must not give other tiles.
    clouds = sorted((f.cloud for f in order.features if f.cloud), key=lambda cloud: cloud.name)
    if not clouds:
        raise TilingError(f"{order.layer.id}: no feature has a point cloud; look at the source")
    crs = order.option("crs", None)
    return convert(
        clouds,
        order.geodesy,
        order.put,
        Options(
            copyright=order.layer.source.attribution,
            notice=order.city.notice.de if order.city.notice else None,
            crs=None if crs is None else str(crs),
            encoding=order.encoding,
            executor=order.executor,
            step=order.step,
        ),
    )
