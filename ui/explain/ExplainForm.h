#pragma once

#include "core/store/Workspace.h"
#include "core/workbench/Workbench.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace limpid {

class Session;

/// What is to be explained and how: model version, rows, method, background, budget. Choices are kept with the session's
/// view settings under "explain".
class ExplainForm : public QWidget
{
    Q_OBJECT
public:
    explicit ExplainForm(Session& session, QWidget* parent = nullptr);

    /// The version chosen; none where there is no model yet.
    std::optional<ModelVersion> version() const;
    ExplainRequest request() const;
    void setCost(const QString& sentence);
    void setRunning(bool running);
    QPushButton* button() const { return m_button; }

signals:
    void changed();          ///< anything that changes what explaining would cost or give

private:
    void fillVersions();
    void limitRows();
    void restore();
    void keep();

    Session& m_session;
    QComboBox *m_version, *m_method, *m_space;
    QSpinBox *m_first, *m_rows, *m_background, *m_budget;
    QLabel* m_cost;
    QPushButton* m_button;
    bool m_restoring = false;
};

} // namespace limpid
