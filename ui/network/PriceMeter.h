#pragma once

#include "core/workbench/TrainPrice.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace limpid {

class Session;

/// Finds out what training the network that is drawn takes on this machine: an estimate at once, and shortly after the last
/// edit a measurement of some steps of it. While a run trains nothing is measured, as both would be slowed down.
class PriceMeter : public QObject
{
    Q_OBJECT
public:
    explicit PriceMeter(Session& session, QObject* parent = nullptr);
    ~PriceMeter() override;

    struct Price {
        bool measured = false;
        double secondsPerEpoch = 0.0;
        quint64 bytes = 0;            ///< that training takes; 0: not known
        std::int64_t batch = 0;       ///< largest that fits; 0: not known
    };
    /// Nothing where the network can't be trained as it is.
    const std::optional<Price>& price() const { return m_price; }
    bool isMeasuring() const { return m_job != 0; }

signals:
    void changed();

private:
    void planChanged();
    void measure();
    void stop();

    Session& m_session;
    QTimer m_timer;              ///< since the last edit
    std::uint64_t m_job = 0;     ///< 0: none
    std::optional<Price> m_price;
};

} // namespace limpid
