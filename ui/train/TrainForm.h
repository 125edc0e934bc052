#pragma once

#include "core/model/ParamSpec.h"

#include <QWidget>

#include <functional>
#include <map>

class QFormLayout;
class QGridLayout;
class QLabel;

namespace limpid {

class Session;

/// The settings of the next run, made from trainParams(): each edit goes through the session's undo stack and comes back
/// from there, so that undo shows in the fields. Fields are named "train.<parameter>".
class TrainForm : public QWidget
{
    Q_OBJECT
public:
    TrainForm(Session& session, QWidget* parent = nullptr);

private:
    void addSection(const QString& title);
    void addRow(const QString& label, const QString& help, QWidget* field);
    void addParam(const ParamSpec& spec);
    void addValidation();
    void edit(const ParamSpec& spec, const nlohmann::json& value);
    void showRequest();

    Session& m_session;
    QGridLayout* m_grid;
    std::map<std::string, std::function<void(const nlohmann::json&)>> m_show; ///< by parameter: puts a value into its field
    bool m_showing = false;
};

} // namespace limpid
